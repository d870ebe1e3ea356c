import { describe, it } from "vitest";
import { addressIn, hrefOf } from "../../../dashboard/src/tabs/address.ts";

describe("the address of a tab", () => {
	it("is found again in its link", ({ expect }) => {
		const params = { range: "7d", model: "llama3.3:70b", odd: "a&b=c #ü" };
		expect(addressIn(new URL(hrefOf("trends", params), "http://herd").search)).toEqual({ tab: "trends", params });
	});

	it("is short for the first one, and leaves out what is empty", ({ expect }) => {
		expect(hrefOf("overview")).toBe("/dashboard");
		expect(hrefOf("requests", { model: "", node: undefined })).toBe("/dashboard?tab=requests");
	});

	it.for(["", "?tab=nonsense", "?tab=constructor", "?range=7d"])("is the first one's for %s", (search, { expect }) => {
		expect(addressIn(search)).toEqual({ tab: "overview", params: {} });
	});
});
