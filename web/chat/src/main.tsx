import "@chatui/core/dist/index.css";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/messages.css";
import "./styles/dialogs.css";
import "./styles/sandbox.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { findHost } from "./embed";
import { Connection } from "./net/connection";
import { takeToken } from "./net/token";
import { loadPreferences } from "./preferences";
import { Store } from "./state/store";

const token = takeToken(window.location, window.history);
const preferences = loadPreferences(window.location.search);
const store = new Store();
const connection = new Connection(store, preferences.language);
createRoot(document.getElementById("root")!).render(
  <App store={store} connection={connection} initial={preferences} host={findHost(window)} />,
);
void connection.start(token);
