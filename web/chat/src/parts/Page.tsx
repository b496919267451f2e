import { useEffect, useState, type ReactElement } from "react";
import { useChat } from "../chat";
import type { Host } from "../embed";
import { useMedia } from "../useBrowser";
import { useWords } from "../words";
import { Banner } from "./Banner";
import { Composer } from "./Composer";
import { Dialog } from "./Dialog";
import { Header } from "./Header";
import { Log } from "./Log";
import { Menu } from "./Menu";
import { Consent, PrivacyNotice } from "./Privacy";
import { Rating } from "./Rating";
import { SandboxBar, SandboxSide } from "./Sandbox";
import { Left } from "./Start";

type Open = "none" | "menu" | "rating" | "privacy";

export function Page({ host }: { host: Host | null }): ReactElement {
  const { state, embedded } = useChat();
  const words = useWords();
  const wide = useMedia("(min-width: 68em)") && !embedded;
  const [left, setLeft] = useState(false);
  const [open, setOpen] = useState<Open>("none");
  const close = (): void => setOpen("none");
  useEscape(host);
  if (left) return <Left onBack={() => setLeft(false)} />;
  const sandbox = state.session?.sandbox === true;
  return (
    <div className="app" data-embedded={embedded}>
      {sandbox && <SandboxBar wide={wide} />}
      <div className="stage">
        <div className="talk">
          <Header onMenu={() => setOpen("menu")} onClose={host ? host.close : null} />
          <main>
            <Banner />
            <Log />
            <Composer />
          </main>
        </div>
        {sandbox && wide && <SandboxSide />}
      </div>
      {open === "menu" && <Menu onClose={close} onRate={() => setOpen("rating")} onPrivacy={() => setOpen("privacy")} />}
      {open === "privacy" && <PrivacyNotice onClose={close} />}
      {open === "rating" && (
        <Dialog title={words.rate} onClose={close}>
          <Rating onDone={close} />
        </Dialog>
      )}
      {!state.consented && <Consent onLeave={() => (host ? host.close() : setLeft(true))} />}
    </div>
  );
}

/** Escape closes the widget, unless it closes a dialog of ours. */
function useEscape(host: Host | null): void {
  useEffect(() => {
    if (!host) return;
    const listen = (event: KeyboardEvent): void => {
      const inDialog = document.querySelector("dialog[open]") !== null;
      if (event.key === "Escape" && !inDialog && !event.isComposing) host.close();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [host]);
}
