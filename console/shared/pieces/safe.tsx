// Catches what a page throws, so that the menu stays and the person is told; nothing of it is sent anywhere.
import { Component, type ReactNode } from "react";
import { Notice } from "./notice.tsx";

interface SafeProps {
  readonly children: ReactNode;
}

export class Safe extends Component<SafeProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div className="column">
        <Notice kind="bad">
          This page has a defect. Reload it; if it comes again, tell whoever runs this site what you did.
        </Notice>
      </div>
    );
  }
}
