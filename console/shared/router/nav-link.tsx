// An entry of a menu; it says that it is the present page also for the pages below it.
import { Icon, type IconName } from "../look/icons.tsx";
import { Link } from "./link.tsx";
import { usePlace } from "./location.ts";

interface NavLinkProps {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** Whether it is also the page of the bare base path. */
  readonly isFirst?: boolean;
}

export function NavLink({ to, label, icon, isFirst = false }: NavLinkProps) {
  const { path } = usePlace();
  const isHere = path === to || path.startsWith(`${to}/`) || (isFirst && path === "/");
  return (
    <Link to={to} {...(isHere && { "aria-current": "page" as const })}>
      <Icon name={icon} size={17} />
      {label}
    </Link>
  );
}
