/** One line below the header: the line is down, or something about the sign-in has to be said. */
import type { ReactElement } from "react";
import { useChat } from "../chat";
import { useWords } from "../words";

export function Banner(): ReactElement {
  const { state, signIn } = useChat();
  const words = useWords();
  const own: Record<string, string> = {
    sign_in_failed: words.signInFailed,
    signed_out: words.signedOut,
    signed_out_now: words.signedOutNow,
    unreachable: words.unreachable,
  };
  const down = state.link === "offline" || state.link === "failed";
  const notice = own[state.notice] ?? state.notice;
  return (
    <div className="banners" role="status">
      {down && (
        <p className="banner" data-kind="offline">
          <strong>{words.reconnecting}</strong> {words.reconnectingHint}
        </p>
      )}
      {!down && notice && (
        <p className="banner">
          {notice}{" "}
          {!state.customer && state.notice !== "signed_out_now" && (
            <button type="button" onClick={signIn}>
              {words.signIn}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
