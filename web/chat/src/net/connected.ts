import type { Socket } from "socket.io-client";

/** Resolves when the socket is connected, at the latest after so many milliseconds. */
export function connected(socket: Socket, most: number): Promise<void> {
  if (socket.connected) return Promise.resolve();
  return new Promise((done) => {
    socket.once("connect", () => done());
    setTimeout(done, most);
  });
}
