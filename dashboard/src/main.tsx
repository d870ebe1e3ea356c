import { render } from "preact";
import { adoptKeyFromAddress } from "./admin-key.ts";
import { App } from "./app.tsx";
import "./styles/tokens.css";
import "./styles/base.css";

adoptKeyFromAddress();
window.addEventListener("hashchange", adoptKeyFromAddress);

const root = document.getElementById("app");
if (root) render(<App />, root);
