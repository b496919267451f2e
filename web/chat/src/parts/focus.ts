/** The pressed thing goes away or falls still: the focus moves to the conversation, where the answer will be. */
export function toLog(pressed: Element): void {
  pressed.closest<HTMLElement>("[role=log]")?.focus({ preventScroll: true });
}
