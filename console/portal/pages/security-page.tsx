// Sign-in and security of the customer.
import { useScene } from "../../shared/api/scene.tsx";
import { Security } from "../../shared/security/security-page.tsx";
import { usePerson } from "../person.ts";

export function SecurityPage() {
  const { client } = useScene();
  const { session } = usePerson();
  return <Security client={client} person={session.person} />;
}
