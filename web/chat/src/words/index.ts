import { createContext, useContext } from "react";
import { en } from "./en";
import { zh, type Words } from "./zh";

export type Language = "zh" | "en";

export const WORDS: Record<Language, Words> = { zh, en };

const WordsContext = createContext<Words>(zh);

export const WordsProvider = WordsContext.Provider;
export const useWords = (): Words => useContext(WordsContext);
export type { Words };
