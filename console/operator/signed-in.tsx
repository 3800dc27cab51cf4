// The console of an operator who is signed in: the frame, and the page of the address.
import type { Client } from "../shared/api/client.ts";
import { useReauth } from "../shared/pieces/reauth.tsx";
import { Frame } from "./frame.tsx";
import { OperatorContext, type OperatorSession } from "./operator.ts";
import { Pages } from "./pages.tsx";

interface SignedInProps {
  readonly client: Client;
  readonly site: string;
  readonly session: OperatorSession;
}

export function SignedIn({ client: inner, site, session }: SignedInProps) {
  const { client, dialog } = useReauth(inner, session.person.secondFactor);
  return (
    <OperatorContext value={{ session, client }}>
      <Frame site={site}>
        <Pages />
      </Frame>
      {dialog}
    </OperatorContext>
  );
}
