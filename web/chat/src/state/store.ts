/** Holds the state; React reads it with useSyncExternalStore, the connection reads and changes it. */
import { EMPTY, type Action, type State } from "./model";
import { reduce } from "./reducer";

export class Store {
  private state: State = EMPTY;
  private readonly listeners = new Set<() => void>();

  readonly get = (): State => this.state;

  readonly dispatch = (action: Action): void => {
    this.state = reduce(this.state, action);
    for (const listener of this.listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
