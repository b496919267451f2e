import { describe, expect, it } from "vitest";
import { foreignHosts, withoutFonts } from "../build/externals";
import { fits, packageFolder } from "../build/licences";

describe("nothing outside of the bank", () => {
  it("fonts from a CDN are taken out of a style sheet, the rest stays", () => {
    const css = "@font-face{font-family:A;src:url(https://cdn.example/a.woff)}.a{color:red}@font-face {\n src: url(//x) }\n.b{}";
    expect(withoutFonts(css)).toBe(".a{color:red}\n.b{}");
  });

  it("a host is found wherever it is named", () => {
    expect(foreignHosts('x="https://CDN.example/a";b=url(//two.example/x)')).toEqual(["cdn.example", "two.example"]);
    expect(foreignHosts('<script src="//three.example/a.js">')).toEqual(["three.example"]);
  });

  it("namespaces are not addresses", () => {
    expect(foreignHosts('"http://www.w3.org/2000/svg"; // a comment')).toEqual([]);
    expect(foreignHosts("http://www.w3.org.evil.example/")).toEqual(["www.w3.org.evil.example"]);
  });
});

describe("licences", () => {
  it("that may be shipped", () => {
    for (const licence of ["MIT", "(MPL-2.0 OR Apache-2.0)", "MIT AND ISC"]) expect(fits(licence)).toBe(true);
  });

  it("that may not", () => {
    for (const licence of ["GPL-3.0", "AGPL-3.0-only", "", "MIT AND GPL-2.0", "UNLICENSED", "SEE LICENSE IN x"]) expect(fits(licence)).toBe(false);
  });

  it("are looked for in the folder of the package", () => {
    expect(packageFolder("\0/w/node_modules/@a/b/es/x.js?commonjs")).toBe("/w/node_modules/@a/b");
    expect(packageFolder("/w/node_modules/a/node_modules/c/x.js")).toBe("/w/node_modules/a/node_modules/c");
    expect(packageFolder("/w/src/main.tsx")).toBeNull();
  });
});
