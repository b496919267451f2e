import type { ReactElement } from "react";
import { useChat } from "../chat";
import type { Preferences } from "../preferences";
import { useWords } from "../words";
import { Dialog } from "./Dialog";
import { Suggestions } from "./Hello";

interface Props {
  onClose: () => void;
  onRate: () => void;
  onPrivacy: () => void;
}

export function Menu({ onClose, onRate, onPrivacy }: Props): ReactElement {
  const { state, preferences, change } = useChat();
  const words = useWords();
  const sizes = words.textSizes.map((label, at): [Preferences["size"], string] => [at as Preferences["size"], label]);
  const smallest = state.elder ? 1 : 0;
  return (
    <Dialog title={words.menu} onClose={onClose}>
      <h3>{words.services}</h3>
      <Suggestions onUsed={onClose} />
      <Choice
        name={words.textSize}
        options={sizes.slice(smallest)}
        value={Math.max(smallest, preferences.size) as Preferences["size"]}
        onChoose={(size) => change({ size })}
      />
      {!state.elder && (
        <Choice
          name={words.theme}
          options={[
            ["system", words.themes.system],
            ["light", words.themes.light],
            ["dark", words.themes.dark],
          ]}
          value={preferences.theme}
          onChoose={(theme) => change({ theme })}
        />
      )}
      <Choice
        name={words.language}
        options={[
          ["zh", words.languageNames.zh],
          ["en", words.languageNames.en],
        ]}
        value={preferences.language}
        onChoose={(language) => change({ language })}
      />
      <div className="menu-rows">
        <button type="button" disabled={!state.consented} onClick={onRate}>
          {words.rate}
        </button>
        <button type="button" onClick={onPrivacy}>
          {words.privacy}
        </button>
        {!state.elder && (
          <a href="/chat/licenses.txt" target="_blank" rel="noopener noreferrer">
            {words.licences}
            <span className="unseen">{words.newWindow}</span>
          </a>
        )}
      </div>
    </Dialog>
  );
}

interface ChoiceProps<T> {
  name: string;
  options: [T, string][];
  value: T;
  onChoose: (value: T) => void;
}

function Choice<T extends string | number>({ name, options, value, onChoose }: ChoiceProps<T>): ReactElement {
  return (
    <fieldset className="segments">
      <legend>{name}</legend>
      <div>
        {options.map(([option, label]) => (
          <label key={option}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChoose(option)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
