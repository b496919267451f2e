/** The privacy notice: to agree to before the first message, to read again at any time. */
import { Button } from "@chatui/core";
import { useState, type ReactElement } from "react";
import { useChat } from "../chat";
import { useWords } from "../words";
import { Dialog } from "./Dialog";

export function PrivacyNotice({ onClose }: { onClose: () => void }): ReactElement {
  const words = useWords();
  return (
    <Dialog title={words.privacy} onClose={onClose}>
      <Terms />
    </Dialog>
  );
}

export function Consent({ onLeave }: { onLeave: () => void }): ReactElement {
  const { connection, preferences, change } = useChat();
  const words = useWords();
  const [doing, setDoing] = useState<"idle" | "asking" | "failed">("idle");

  async function agree(): Promise<void> {
    setDoing("asking");
    if (!(await connection.consent())) setDoing("failed");
  }

  const other = preferences.language === "zh" ? "en" : "zh";
  return (
    <Dialog title={words.privacyTitle}>
      <Terms />
      <div className="consent-actions">
        {doing === "failed" && <p role="alert">{words.privacyFailed}</p>}
        <Button color="primary" disabled={doing === "asking"} onClick={() => void agree()}>
          {words.privacyAgree}
        </Button>
        <Button onClick={onLeave}>{words.privacyLeave}</Button>
        <button type="button" className="linklike" lang={other} onClick={() => change({ language: other })}>
          {words.languageNames[other]}
        </button>
      </div>
    </Dialog>
  );
}

function Terms(): ReactElement {
  const words = useWords();
  const terms = [
    [words.privacyWhatTitle, words.privacyWhat],
    [words.privacyWhyTitle, words.privacyWhy],
    [words.privacyLongTitle, words.privacyLong],
    [words.privacyRightsTitle, words.privacyRights],
  ];
  return (
    <div className="terms" tabIndex={0} role="region" aria-label={words.privacy}>
      {terms.map(([title, text]) => (
        <section key={title}>
          <h3>{title}</h3>
          <p>{text}</p>
        </section>
      ))}
      <p className="quiet">{words.privacyAutomatic}</p>
    </div>
  );
}
