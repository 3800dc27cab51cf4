// The addresses a key may be used from: typed or pasted as a list, checked as they come.
import { Button, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useScene } from "../api/scene.tsx";
import type { OpenSession, Page } from "../api/shapes.ts";
import { Icon } from "../look/icons.tsx";
import { allowlistProblem } from "./allowlist.ts";

interface AllowlistFieldProps {
  readonly entries: readonly string[];
  readonly onChange: (entries: string[]) => void;
  /** What the server said of them. */
  readonly problem?: string | undefined;
}

const SEPARATORS = [",", " ", "\n", "\t", ";"];

export function AllowlistField({ entries, onChange, problem }: AllowlistFieldProps) {
  const own = useOwnAddress();
  const shown = allowlistProblem(entries) ?? problem;
  return (
    <div className="stack stack-small">
      <TagsInput
        label="Allowed addresses"
        description="Addresses and CIDR ranges, IPv4 or IPv6. Leave it empty to allow every address. You can paste a list."
        placeholder={entries.length === 0 ? "203.0.113.0/24" : ""}
        value={[...entries]}
        onChange={(list) => onChange(separate(list))}
        splitChars={SEPARATORS}
        acceptValueOnBlur
        clearable={false}
        error={shown}
      />
      {own !== undefined && !entries.includes(own) && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => onChange([...entries, own])}
          >
            Add my current address ({own})
          </Button>
        </div>
      )}
    </div>
  );
}

/** What was typed in one go may hold several. */
const separate = (list: readonly string[]): string[] => [
  ...new Set(list.flatMap((entry) => entry.split(/[\s,;]+/)).filter(Boolean)),
];

/** As the server sees it, from the list of sessions; unknown where there is no session, as in an embedded page. */
function useOwnAddress(): string | undefined {
  const { client, hasSession } = useScene();
  const sessions = useQuery({
    queryKey: ["sessions"],
    retry: false,
    enabled: hasSession,
    queryFn: ({ signal }) => client.request<Page<OpenSession>>("GET", "/auth/sessions", { signal }),
  });
  return sessions.data?.items.find(({ current }) => current)?.address ?? undefined;
}
