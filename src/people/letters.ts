// The letters that people get: their words and nothing else. A link carries its token in the fragment, which no server sees.
import type { Letter } from "./mail.ts";

/** Where the pages of a kind of people are: the portal of a project, or the console. */
export interface Pages {
  /** Without a slash at its end. */
  readonly url: string;
  /** Who writes, in the words of the project. */
  readonly title: string;
}

export type LinkPage = "reset" | "confirm" | "invitation" | "setup";

const PATHS: Readonly<Record<LinkPage, string>> = {
  reset: "reset",
  confirm: "verify-email",
  invitation: "invitation",
  setup: "setup",
};

export function linkTo({ url }: Pages, page: LinkPage, token: string): string {
  return `${url}/${PATHS[page]}#token=${token}`;
}

export function resetLetter(pages: Pages, to: string, link: string, minutes: number): Letter {
  return {
    to,
    subject: `Set a new password for ${pages.title}`,
    text: lines(
      `Somebody asked to set a new password for this address at ${pages.title}.`,
      link,
      `The link works once, within ${minutes} minutes. If you did not ask, ignore this mail: nothing has changed.`,
    ),
  };
}

export function confirmLetter(pages: Pages, to: string, link: string): Letter {
  return {
    to,
    subject: `Confirm your address for ${pages.title}`,
    text: lines(`Open this link to confirm your address and finish signing up at ${pages.title}.`, link),
  };
}

/** What somebody gets whose address was used to sign up a second time; the page says the same to both (hostile H10). */
export function knownLetter(pages: Pages, to: string): Letter {
  return {
    to,
    subject: `You already have access to ${pages.title}`,
    text: lines(
      `Somebody tried to sign up at ${pages.title} with this address, which is known there already.`,
      pages.url,
      "If it was you, sign in, or set a new password there. If not, you need not do anything.",
    ),
  };
}

export function invitationLetter(pages: Pages, to: string, link: string, account: string): Letter {
  return {
    to,
    subject: `You are invited to ${pages.title}`,
    text: lines(`You are invited to ${account} at ${pages.title}.`, link, "The link works once."),
  };
}

function lines(...paragraphs: string[]): string {
  return `${paragraphs.map((text) => text.replaceAll(/[\r\n]+/g, " ")).join("\n\n")}\n`;
}
