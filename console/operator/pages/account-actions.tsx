// What an operator may do to an account: plan, credits, suspension, erasure.
import { Button, Menu, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useScene } from "../../shared/api/scene.tsx";
import type { Account } from "../../shared/api/shapes.ts";
import { Icon } from "../../shared/look/icons.tsx";
import { announce } from "../../shared/pieces/announce.tsx";
import { Dialog, DialogActions } from "../../shared/pieces/dialog.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { usePlace } from "../../shared/router/location.ts";
import { useAccountChanges } from "../accounts.ts";
import { useRefusal } from "../operator.ts";
import { useProjects } from "../projects.ts";

type Open = "plan" | "credits" | "suspend" | "erase";

export function AccountActions({ of: account }: { readonly of: Account }) {
  const refusal = useRefusal("accounts:write");
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const close = (): void => setOpen(undefined);
  if (refusal !== undefined) return null;
  return (
    <>
      <Menu withinPortal>
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="down" size={14} />}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpen("plan")}>Change plan</Menu.Item>
          <Menu.Item onClick={() => setOpen("credits")}>Add or take credits</Menu.Item>
          <Menu.Item onClick={() => setOpen("suspend")}>
            {account.suspended ? "Lift the suspension" : "Suspend"}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setOpen("erase")}>
            Erase
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PlanDialog of={account} isOpen={open === "plan"} onClose={close} />
      <CreditsDialog of={account} isOpen={open === "credits"} onClose={close} />
      <SuspendDialog of={account} isOpen={open === "suspend"} onClose={close} />
      <EraseDialog of={account} isOpen={open === "erase"} onClose={close} />
    </>
  );
}

interface ActionDialogProps {
  readonly of: Account;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface ActionFormProps {
  readonly title: string;
  readonly confirm: string;
  readonly done: string;
  readonly isOpen: boolean;
  readonly isDangerous?: boolean;
  readonly onClose: () => void;
  readonly work: () => Promise<unknown>;
  readonly children: React.ReactNode;
}

function ActionForm(props: ActionFormProps) {
  const { title, confirm, done, isOpen, isDangerous = false, onClose, work, children } = props;
  const action = useAction(async () => {
    await work();
    return true;
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await action.run(undefined)) === undefined) return;
    announce(done);
    onClose();
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} width={460}>
      <form onSubmit={submit} className="stack">
        {children}
        <ProblemNotice error={action.error} />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={action.isRunning} {...(isDangerous && { color: "red" })}>
            {confirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function PlanDialog({ of: account, isOpen, onClose }: ActionDialogProps) {
  const { portal } = useScene();
  const { change } = useAccountChanges();
  const file = useProjects().data?.find(({ name }) => name === portal.project)?.file;
  const plans = Object.entries((file?.plans ?? {}) as Record<string, { title?: string }>);
  const [plan, setPlan] = useState(account.plan ?? "");
  return (
    <ActionForm
      title="Change plan"
      confirm="Change plan"
      done="The plan is changed"
      isOpen={isOpen}
      onClose={onClose}
      work={() => change(account.id, { plan: plan === "" ? null : plan })}
    >
      {plans.length === 0 ? (
        <p className="muted">The project file declares no plans.</p>
      ) : (
        <NativeSelect
          label="Plan"
          data={[
            { value: "", label: "The project's default" },
            ...plans.map(([value, { title }]) => ({ value, label: title ?? value })),
          ]}
          value={plan}
          onChange={({ currentTarget }) => setPlan(currentTarget.value)}
        />
      )}
    </ActionForm>
  );
}

function CreditsDialog({ of: account, isOpen, onClose }: ActionDialogProps) {
  const { addCredits } = useAccountChanges();
  const [amount, setAmount] = useState<number | string>("");
  const [reason, setReason] = useState("");
  return (
    <ActionForm
      title="Add or take credits"
      confirm="Book"
      done="The credits are booked"
      isOpen={isOpen}
      onClose={onClose}
      work={() =>
        addCredits(account.id, {
          amount: Number(amount),
          ...(reason.trim() !== "" && { reason: reason.trim() }),
        })
      }
    >
      <NumberInput
        label="Amount"
        description={`Below zero takes away. The account has ${account.credits.toLocaleString("en")}.`}
        required
        allowDecimal={false}
        value={amount}
        onChange={setAmount}
      />
      <TextInput
        label="Reason"
        description="It stands in the account's journal."
        maxLength={200}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </ActionForm>
  );
}

function SuspendDialog({ of: account, isOpen, onClose }: ActionDialogProps) {
  const { change } = useAccountChanges();
  const isLifting = account.suspended;
  return (
    <ActionForm
      title={isLifting ? `Lift the suspension of ${account.name}` : `Suspend ${account.name}`}
      confirm={isLifting ? "Lift suspension" : "Suspend account"}
      done={isLifting ? "The account is active again" : "The account is suspended"}
      isOpen={isOpen}
      isDangerous={!isLifting}
      onClose={onClose}
      work={() => change(account.id, { suspended: !isLifting })}
    >
      <p className="muted">
        {isLifting
          ? "All its keys work again as they did before."
          : "All its keys are refused from the next request on. They come back unharmed when you lift it."}
      </p>
    </ActionForm>
  );
}

function EraseDialog({ of: account, isOpen, onClose }: ActionDialogProps) {
  const { portal } = useScene();
  const { go } = usePlace();
  const { erase } = useAccountChanges();
  const [typed, setTyped] = useState("");
  return (
    <ActionForm
      title={`Erase ${account.name}`}
      confirm="Erase account"
      done="The account is erased"
      isOpen={isOpen}
      isDangerous
      onClose={onClose}
      work={async () => {
        await erase(account.id, typed);
        go(`/p/${portal.project}/accounts`);
      }}
    >
      <p className="muted">
        Its keys are revoked, its members lose access, and what is known of the customer is removed. This
        cannot be taken back.
      </p>
      <TextInput
        label={`Type "${account.name}" to go on`}
        required
        autoComplete="off"
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </ActionForm>
  );
}
