/** Whether environment and env file say only what the router understands. */
import { ok, problem, warning } from "../../agent/src/doctor/finding.ts";
import { checkVariables } from "../environment.ts";
import { UserError } from "../user-error.ts";
import type { RouterCheck } from "./examine.ts";

const ABOUT = "Settings";

export const settings: RouterCheck = ({ variables }) => {
	try {
		const unknown = checkVariables(variables).map((text) => warning(ABOUT, text, "Correct or remove it"));
		return unknown.length > 0 ? unknown : [ok(ABOUT, `${Object.keys(variables).length} set, all understood`)];
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return error.message
			.split("\n")
			.map((text) => problem(ABOUT, text, "Correct it, in the environment or in the env file of the data folder"));
	}
};
