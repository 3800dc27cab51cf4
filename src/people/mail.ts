// Mail over SMTP, sent after the answer so that nobody learns from the time it took. Without a server for mail there is none, and
// links are handed out by operators instead.
import type { Clock } from "../base/clock.ts";

export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** Plain text only: nothing in it can be markup (hostile H01). */
  readonly text: string;
}

export interface Mailer {
  /** Returns at once; what fails is told to `onFault`, without the letter. */
  send(letter: Letter): void;
  /** Resolves once what was sent is on its way, or has failed. */
  close(): Promise<void>;
}

export interface MailOptions {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string;
  /** Such as `Acme <no-reply@acme.com>`. */
  readonly from: string;
  readonly onFault: (message: string, error: unknown) => void;
}

const TIMEOUT_MS = 10_000;

export async function openMailer({ url, from, onFault }: MailOptions): Promise<Mailer> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true });
  Object.assign(transport.options, {
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const sending = new Set<Promise<void>>();
  return {
    send(letter) {
      const work = transport.sendMail(letter).then(
        () => {},
        (error: Error) => onFault("a mail could not be sent", new Error(error.message)),
      );
      sending.add(work);
      void work.finally(() => sending.delete(work));
    },
    async close() {
      await Promise.all(sending);
      transport.close();
    },
  };
}

/** How long a link of a mail is good, for the words of the mail. */
export function minutesUntil(at: number, clock: Clock): number {
  return Math.max(1, Math.round((at - clock.now()) / 60_000));
}
