import { render } from "preact";
import { adoptKeyFromAddress } from "./admin-key.ts";
import { App } from "./app.tsx";
import { storedTheme, wearTheme } from "./frame/theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";

wearTheme(storedTheme());
adoptKeyFromAddress();
window.addEventListener("hashchange", adoptKeyFromAddress);

const root = document.getElementById("app");
if (root) render(<App />, root);
