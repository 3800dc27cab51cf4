// A mail server that takes every letter and sends none: the dialogue of RFC 5321 over a real socket, and nothing beyond it.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came, dots unstuffed, soft line breaks of quoted-printable joined. */
  readonly text: string;
}

export interface SmtpSink {
  readonly url: string;
  readonly letters: readonly Letter[];
  /** Resolves with the letter of this number, counted from 0, once it is there. */
  letter(index: number): Promise<Letter>;
}

export async function smtpSinkFor(context: TestContext): Promise<SmtpSink> {
  const letters: Letter[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    converse(socket, (letter) => {
      letters.push(letter);
      for (const tell of waiting.splice(0)) tell();
    });
  });
  context.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    async letter(index) {
      while (letters[index] === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      return letters[index];
    },
  };
}

function converse(socket: Socket, take: (letter: Letter) => void): void {
  let [buffer, from, to, inData]: [string, string, string[], boolean] = ["", "", [], false];
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const answer = (line: string): void => {
    const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
    if (/^EHLO/i.test(line)) say("250 sink");
    else if (/^MAIL/i.test(line)) [from, to] = [address, []];
    else if (/^RCPT/i.test(line)) to.push(address);
    if (/^(MAIL|RCPT|RSET|NOOP)/i.test(line)) say("250 fine");
    if (/^DATA/i.test(line)) {
      inData = true;
      say("354 go on");
    }
    if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
  };
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    buffer += chunk.toString("utf8");
    for (;;) {
      const end = inData ? buffer.indexOf("\r\n.\r\n") : buffer.indexOf("\r\n");
      if (end === -1) return;
      const piece = buffer.slice(0, end);
      buffer = buffer.slice(end + (inData ? 5 : 2));
      if (!inData) {
        answer(piece);
        continue;
      }
      inData = false;
      take({
        from,
        to,
        text: piece.replaceAll("\r\n..", "\r\n.").replaceAll("=\r\n", "").replaceAll("=3D", "="),
      });
      say("250 taken");
    }
  });
  say("220 sink");
}
