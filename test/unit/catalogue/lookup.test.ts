import { describe, it } from "vitest";
import { catalogued } from "../../../worker/catalogue/lookup.ts";
import catalogue from "../../../worker/catalogue/models.json" with { type: "json" };
import { canonicalName } from "../../../worker/routing/names.ts";

describe("the catalogue", () => {
	it("knows a model under each of its names, spelled as the registry spells them", ({ expect }) => {
		expect(catalogued(canonicalName("llama3.2"))).toMatchObject({ name: "llama3.2", sizeBytes: 2019392628 });
		expect(catalogued(canonicalName("library/LLAMA3.2:3b-instruct-q4_k_m"))?.name).toBe("llama3.2:3b-instruct-q4_K_M");
		expect(catalogued(canonicalName("nobody-made-this"))).toBeUndefined();
	});

	it("says of every model how big it is and what it can", ({ expect }) => {
		const names = catalogue.models.flatMap(({ name, also = [] }) => [name, ...also]).map(canonicalName);
		expect(new Set(names).size).toBe(names.length);
		for (const { name } of catalogue.models) {
			const model = catalogued(canonicalName(name));
			expect(model?.sizeBytes, name).toBeGreaterThan(1e7);
			expect(model?.capabilities.length, name).toBeGreaterThan(0);
		}
	});
});
