// Sign-in of operators. There is no sign-up: the first comes by the set-up link, the others by invitation.
import type { Client } from "../shared/api/client.ts";
import { Gate } from "../shared/gate/gate.tsx";
import { SignInForm } from "../shared/gate/sign-in-form.tsx";

interface OperatorGateProps {
  readonly client: Client;
  readonly site: string;
  readonly onSignedIn: () => void;
}

export function OperatorGate({ client, site, onSignedIn }: OperatorGateProps) {
  return (
    <Gate
      site={site}
      logo={null}
      title="Sign in"
      lead="For operators of this installation."
      foot={
        <>
          First start? Open the set-up link that the server printed. Forgot your password? An owner can make a
          reset link, and so can <code>claviger people reset-link</code> on the server.
        </>
      }
    >
      <SignInForm client={client} onSignedIn={onSignedIn} />
    </Gate>
  );
}
