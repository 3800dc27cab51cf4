// Sign-in of the person: password, second factor, open sessions. The same for customers and operators.
import type { Client } from "../api/client.ts";
import type { Person } from "../api/shapes.ts";
import { PageHead } from "../pieces/page.tsx";
import { PasswordCard } from "./password-card.tsx";
import { SecondFactorCard } from "./second-factor-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";

interface SecurityProps {
  readonly client: Client;
  readonly person: Person;
}

export function Security({ client, person }: SecurityProps) {
  return (
    <div className="column column-narrow">
      <PageHead title="Sign-in and security">
        You sign in as {person.email}. What stands here is about you, not about an account.
      </PageHead>
      <SecondFactorCard client={client} isOn={person.secondFactor} />
      <PasswordCard client={client} />
      <SessionsCard client={client} />
    </div>
  );
}
