/** The page's own icons: drawn with strokes in the colour of the text, never read out. */
import type { ReactElement } from "react";

const PATHS = {
  person: "M5 20c0-3.6 3.1-6 7-6s7 2.4 7 6M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  again: "M20 12a8 8 0 1 1-2.5-5.8M20 4v4h-4",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  done: "M5 12.5l4.5 4.5L19 7.5",
  pending: "M12 7v5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  failed: "M12 7v6M12 16.5v.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
  sent: "M4 12.5l4 4L17 7.5M12 16l1 .8L21 8.5",
  alert: "M12 4l9 16H3zM12 10v4M12 17v.5",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Star({ filled }: { filled: boolean }): ReactElement {
  return (
    <svg className="star" data-filled={filled} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9L12 16.9l-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z" />
    </svg>
  );
}
