/** A dialog of the browser's own kind: it keeps the focus inside, closes on Escape and gives the focus back. */
import { useEffect, useId, useRef, type ReactElement, type ReactNode } from "react";
import { useWords } from "../words";
import { Icon } from "./icons";

interface Props {
  title: string;
  kind?: "sheet" | "drawer";
  children: ReactNode;
  /** Without it the dialog has no close button, and Escape does nothing. */
  onClose?: () => void;
}

export function Dialog({ title, kind = "sheet", children, onClose }: Props): ReactElement {
  const words = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current!;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog"
      data-kind={kind}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose?.();
      }}
    >
      <div className="dialog-inner">
        <div className="dialog-head">
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          {onClose && (
            <button type="button" className="round" aria-label={words.close} onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
