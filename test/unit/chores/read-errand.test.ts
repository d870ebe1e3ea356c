import { describe, it } from "vitest";
import { modelOf, readErrand, readFields } from "../../../worker/chores/read-errand.ts";

const fieldsOf = (text: string) => readFields(new TextEncoder().encode(text));

describe("the body of a chore", () => {
	it("names its model under either key, in any case", ({ expect }) => {
		expect(modelOf(fieldsOf('{"name":"old:1b"}').fields)).toBe("old:1b");
		expect(modelOf(fieldsOf('{"MODEL":"new:1b","name":"old:1b"}').fields)).toBe("new:1b");
	});

	it("is read leniently: what is of another type is Ollama's to refuse", ({ expect }) => {
		const { fields, complaint } = fieldsOf('{"model":7,"stream":"no","files":["x"],"node_id":null,"from":"base"} trailing');
		expect(complaint).toBeUndefined();
		expect(fields).toMatchObject({ model: "", stream: true, files: {}, node_id: "", from: "base" });
	});

	it.for([
		["", "missing request body"],
		["{", "unexpected EOF"],
		['"text"', "json: cannot unmarshal the body into Go value of type api.Request"],
	])("%o is complained about: %s", ([text, complaint], { expect }) => {
		expect(fieldsOf(text ?? "").complaint).toBe(complaint);
	});

	it("goes to the node as it came, and no further than the limit", async ({ expect }) => {
		const body = '{ "model" : "m:1b" }';
		const errand = () => ({ id: "1", path: "/api/show?x=1", request: new Request("http://router/", { method: "POST", body }) });
		const { call } = await readErrand(errand(), { maxBodyBytes: 100 });
		expect(new TextDecoder().decode(call.body)).toBe(body);
		expect(call).toMatchObject({ id: "1", method: "POST", path: "/api/show?x=1" });
		await expect(readErrand(errand(), { maxBodyBytes: 10 })).rejects.toMatchObject({ refusal: { status: 413 } });
	});
});
