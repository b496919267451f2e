/** Takes the sign-in token out of the address, so that it stays in no history, bookmark or screenshot. */
export function takeToken(place: Location, history: History): string | null {
  const found = /^#token=([\w.-]{20,4096})$/.exec(place.hash);
  if (place.hash.startsWith("#token=")) history.replaceState(null, "", place.pathname + place.search);
  return found ? found[1]! : null;
}
