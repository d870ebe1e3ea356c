/** The router's own version; the same as in package.json, which a test checks. */
export const ROUTER_VERSION = "0.1.0";
