// Links within the app: real addresses, so that they open in new tabs and are read out as links.
import { type AnchorHTMLAttributes, type MouseEvent, type ReactNode, useContext } from "react";
import { BaseContext, usePlace } from "./location.ts";

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** A path under the base of the app. */
  readonly to: string;
  readonly children: ReactNode;
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

export function Link({ to, children, onClick, ...rest }: LinkProps) {
  const base = useContext(BaseContext);
  const { go } = usePlace();
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || !isPlainClick(event)) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a {...rest} href={base + to} onClick={follow}>
      {children}
    </a>
  );
}
