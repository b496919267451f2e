/** What is shown instead of the conversation: before it could begin, and after the customer did not agree. */
import { Button } from "@chatui/core";
import type { ReactElement } from "react";
import logo from "../logo.svg";
import type { Link } from "../state/model";
import { useWords } from "../words";

export function Start({ link, onRetry }: { link: Link; onRetry: () => void }): ReactElement {
  const words = useWords();
  const told: Partial<Record<Link, string>> = { failed: words.startFailed, blocked: words.cookiesBlocked };
  const failed = told[link];
  return (
    <main className="alone" aria-busy={!failed}>
      <img src={logo} alt="" />
      <h1>{words.name}</h1>
      <p role="status">{failed ?? words.starting}</p>
      {failed && (
        <Button color="primary" onClick={onRetry}>
          {words.tryAgain}
        </Button>
      )}
      {link === "blocked" && (
        <a href="/chat/" target="_blank" rel="noopener">
          {words.openBeside}
        </a>
      )}
    </main>
  );
}

export function Left({ onBack }: { onBack: () => void }): ReactElement {
  const words = useWords();
  return (
    <main className="alone">
      <img src={logo} alt="" />
      <h1>{words.name}</h1>
      <p role="status">{words.privacyLeft}</p>
      <Button color="primary" onClick={onBack}>
        {words.privacyBack}
      </Button>
    </main>
  );
}
