// What the placeholders of a dialect stand for, in words.

const VALUE_WORDS: Readonly<Record<string, string>> = {
  scopes: "the key's scopes",
  tier: "the key's tier",
  plan: "the account's plan",
  environment: "the key's environment",
  keyId: "the key's public id",
  account: "the key's account",
  credits: "the account's credits",
  cost: "what the request cost",
  "allowance.limit": "the allowance of the account's plan",
  "allowance.used": "what was used of the allowance",
  "allowance.remaining": "what is left of the allowance",
  "allowance.over": "what was used beyond the allowance",
  "allowance.reset": "when the allowance is there anew",
};

/** Such as `the key's tier`; of a name that is not listed, the name itself, parted: `requestId` as `request id`. */
export function valueWords(name: string): string {
  return VALUE_WORDS[name] ?? limitWords(name) ?? asWords(name);
}

function limitWords(placeholder: string): string | undefined {
  const [, name, member] = /^limit\.(.+)\.(limit|remaining|reset)$/.exec(placeholder) ?? [];
  if (member === undefined) return undefined;
  if (member === "limit") return `what the limit ${name} admits`;
  return member === "remaining"
    ? `what is left of the limit ${name}`
    : `when all of the limit ${name} is there again`;
}

function asWords(name: string): string {
  return name
    .replaceAll(".", " ")
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}
