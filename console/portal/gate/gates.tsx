// What a customer sees who is not signed in: sign in, sign up, reset, and what one-time links lead to.
import { useState } from "react";
import type { Client } from "../../shared/api/client.ts";
import type { Portal } from "../../shared/api/portal.ts";
import { Gate } from "../../shared/gate/gate.tsx";
import { SignInForm } from "../../shared/gate/sign-in-form.tsx";
import { InvitationForm, NewPasswordForm, VerifyEmailForm } from "../../shared/gate/token-forms.tsx";
import { Notice } from "../../shared/pieces/notice.tsx";
import { takeFragment } from "../../shared/router/fragment.ts";
import { Link } from "../../shared/router/link.tsx";
import { usePlace } from "../../shared/router/location.ts";
import { ResetForm } from "./reset-form.tsx";
import { SignUpForm } from "./sign-up-form.tsx";

interface GatesProps {
  readonly client: Client;
  readonly portal: Portal;
  readonly onSignedIn: () => void;
}

export function Gates({ client, portal, onSignedIn }: GatesProps) {
  const { path, go } = usePlace();
  const [known, setKnown] = useState<string | undefined>(undefined);
  const site = { site: portal.title, logo: portal.logo };
  if (path === "/sign-up" && portal.signUp === "open")
    return (
      <Gate
        {...site}
        title="Create your account"
        lead={`For API keys of ${portal.title}.`}
        foot={
          <>
            Do you have an account? <Link to="/sign-in">Sign in</Link>
          </>
        }
      >
        <SignUpForm client={client} portal={portal} onDone={onSignedIn} onKnown={setKnown} />
      </Gate>
    );
  if (path === "/forgot")
    return (
      <Gate {...site} title="Reset your password" foot={<Link to="/sign-in">Back to sign in</Link>}>
        <ResetForm client={client} portal={portal} />
      </Gate>
    );
  return (
    <Gate
      {...site}
      title="Sign in"
      lead={`To your API keys of ${portal.title}.`}
      foot={<Ways portal={portal} />}
    >
      {path === "/sign-in" && known !== undefined && (
        <Notice>Sign in with the password of this address.</Notice>
      )}
      <SignInForm
        client={client}
        {...(known !== undefined && { email: known })}
        onSignedIn={() => {
          if (path === "/sign-in") go("/", { replace: true });
          onSignedIn();
        }}
      />
    </Gate>
  );
}

function Ways({ portal }: { readonly portal: Portal }) {
  return (
    <>
      {portal.signUp === "open" && (
        <>
          New here? <Link to="/sign-up">Create an account</Link> ·{" "}
        </>
      )}
      <Link to="/forgot">Forgot your password?</Link>
    </>
  );
}

interface LinkGateProps extends GatesProps {
  readonly isSignedIn: boolean;
}

/** The paths that one-time links lead to, signed in or not. */
export const LINK_PATHS = ["/reset", "/verify-email", "/invitation"];

export function LinkGate({ client, portal, isSignedIn, onSignedIn }: LinkGateProps) {
  const { path, go } = usePlace();
  const [token] = useState(() => takeFragment("token"));
  const [isDone, setDone] = useState(false);
  const site = { site: portal.title, logo: portal.logo };
  const done = (): void => {
    setDone(true);
    if (path === "/invitation" && isSignedIn) onSignedIn();
  };
  const foot = <Link to="/">Go to {portal.title}</Link>;
  if (isDone)
    return (
      <Gate {...site} title="Done" foot={foot}>
        <Notice kind="good">{DONE[path] ?? "That worked."}</Notice>
        <SignInUnless
          isSignedIn={isSignedIn && path !== "/reset"}
          client={client}
          onDone={() => {
            go("/", { replace: true });
            onSignedIn();
          }}
        />
      </Gate>
    );
  if (token === undefined)
    return (
      <Gate {...site} title="This link is not whole" foot={foot}>
        <Notice kind="warn">
          Open it again from the message, all of it. It works once; if it has been used, ask for a new one.
        </Notice>
      </Gate>
    );
  const form = { client, token, onDone: done };
  if (path === "/reset")
    return (
      <Gate {...site} title="Choose a new password" lead="All sessions end with it." foot={foot}>
        <NewPasswordForm {...form} />
      </Gate>
    );
  if (path === "/verify-email")
    return (
      <Gate {...site} title="Confirm your address" foot={foot}>
        <VerifyEmailForm {...form} />
      </Gate>
    );
  return (
    <Gate {...site} title="Accept the invitation" foot={foot}>
      <InvitationForm {...form} isSignedIn={isSignedIn} site={portal.title} />
    </Gate>
  );
}

const DONE: Readonly<Record<string, string>> = {
  "/reset": "Your password is changed. Sign in with it.",
  "/verify-email": "Your address is confirmed.",
  "/invitation": "You belong to the account now.",
};

interface SignInUnlessProps {
  readonly isSignedIn: boolean;
  readonly client: Client;
  readonly onDone: () => void;
}

function SignInUnless({ isSignedIn, client, onDone }: SignInUnlessProps) {
  return isSignedIn ? null : <SignInForm client={client} onSignedIn={onDone} />;
}
