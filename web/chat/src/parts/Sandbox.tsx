/** Only in the sandbox: who to sign in as, and the phone that shows the text messages of the bank. */
import { Button } from "@chatui/core";
import { useState, type ReactElement } from "react";
import { useChat } from "../chat";
import { safeUrl } from "../links";
import { useWords } from "../words";
import { Dialog } from "./Dialog";
import { Icon } from "./icons";

export function SandboxBar({ wide }: { wide: boolean }): ReactElement {
  const words = useWords();
  const [open, setOpen] = useState(false);
  return (
    <aside className="sandbox-bar" aria-label={words.sandbox}>
      <p>
        <strong>{words.sandbox}</strong>
        <span>{words.sandboxText}</span>
      </p>
      {!wide && (
        <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <Icon name="phone" />
          {words.sandboxShow}
        </button>
      )}
      {open && !wide && (
        <Dialog kind="drawer" title={words.sandbox} onClose={() => setOpen(false)}>
          <Help />
        </Dialog>
      )}
    </aside>
  );
}

export function SandboxSide(): ReactElement {
  const words = useWords();
  return (
    <aside className="sandbox-side" aria-label={words.sandboxShow}>
      <Help />
    </aside>
  );
}

function Help(): ReactElement {
  const { state, signIn, origins } = useChat();
  const words = useWords();
  const phone = state.session?.phone_url ? safeUrl(state.session.phone_url, origins) : null;
  return (
    <>
      <section className="demo-people">
        <h2>{words.sandboxCustomers}</h2>
        <ul>
          {words.sandboxPeople.map((person) => (
            <li key={person}>{person}</li>
          ))}
        </ul>
        <p className="quiet">{words.sandboxPassword}</p>
        {!state.customer && <Button onClick={signIn}>{words.sandboxSignIn}</Button>}
      </section>
      {phone && (
        <section className="demo-phone">
          <h2>{words.phone}</h2>
          <p className="quiet">{words.phoneText}</p>
          <div className="phone">
            <iframe title={words.phoneFrame} src={phone} referrerPolicy="origin" />
          </div>
        </section>
      )}
    </>
  );
}
