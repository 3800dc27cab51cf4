// Keys of all accounts of a project: found by id, beginning, end, name, or the whole key.
import { useScene } from "../../shared/api/scene.tsx";
import { KeyPage } from "../../shared/keys/key-page.tsx";
import { KeysPage } from "../../shared/keys/keys-page.tsx";
import { usePlace } from "../../shared/router/location.ts";

export function ProjectKeysPage() {
  const { segments } = usePlace();
  const { portal } = useScene();
  const id = segments[3];
  if (id !== undefined) return <KeyPage id={id} key={id} />;
  return (
    <KeysPage
      title="Keys"
      lead={`Of all accounts of ${portal.title}. A whole key that is pasted into the search is sent in a body, never in an address. New keys are made on the page of an account.`}
    />
  );
}
