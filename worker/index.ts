export { app as default } from "./app.ts";
export { Fleet } from "./fleet/fleet.ts";
export { Vault } from "./fleet/vault.ts";
