/** One to five stars and a comment. */
import { Button } from "@chatui/core";
import { useId, useState, type FormEvent, type ReactElement } from "react";
import { useChat } from "../chat";
import { useWords } from "../words";
import { Star } from "./icons";

const LONGEST = 500;

export function Rating({ onDone }: { onDone?: () => void }): ReactElement {
  const { connection } = useChat();
  const words = useWords();
  const name = useId();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  const [outcome, setOutcome] = useState<"open" | "sending" | "done" | string>("open");

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setOutcome("sending");
    const ack = await connection.rate(score, comment.trim());
    setOutcome(ack.ok ? "done" : ack.message || words.rateFailed);
    if (ack.ok && onDone) setTimeout(onDone, 1200);
  }

  if (outcome === "done") return <p role="status">{words.rateThanks}</p>;
  return (
    <form className="rating" onSubmit={(event) => void submit(event)}>
      <fieldset>
        <legend>{words.rateQuestion}</legend>
        <div className="stars">
          {words.rateStars.map((word, at) => (
            <label key={at} title={word}>
              <input
                type="radio"
                name={name}
                value={at + 1}
                checked={score === at + 1}
                onChange={() => setScore(at + 1)}
                aria-label={words.rateStarLabel(at + 1, word)}
              />
              <Star filled={at < score} />
            </label>
          ))}
          <span className="quiet" aria-hidden="true">
            {words.rateStars[score - 1]}
          </span>
        </div>
      </fieldset>
      {score > 0 && (
        <>
          <textarea
            aria-label={words.rateComment}
            placeholder={words.rateComment}
            maxLength={LONGEST}
            rows={2}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <Button color="primary" disabled={outcome === "sending"} {...{ type: "submit" }}>
            {words.rateSubmit}
          </Button>
        </>
      )}
      {outcome !== "open" && outcome !== "sending" && <p role="alert">{outcome}</p>}
    </form>
  );
}
