import { describe, expect, it } from "vitest";
import { fileName, inLanguage, linked, ownImage, safeUrl } from "../src/links";

const BANK = "https://bank.example";
const hrefs = (text: string): (string | undefined)[] => linked(text, [location.origin, BANK]).map((part) => part.href).filter(Boolean);

describe("links in a text", () => {
  it("are the bank's own addresses and phone numbers", () => {
    expect(hrefs("详见 https://bank.example/a?b=1，或致电95588、13800138000。")).toEqual(["https://bank.example/a?b=1", "tel:95588", "tel:13800138000"]);
  });

  it("are never other addresses, however they are dressed", () => {
    for (const text of [
      "https://evil.example/", "https://bank.example.evil.example/", "https://bank.example@evil.example/", "http://bank.example/",
      "javascript:alert(1)", "data:text/html,x", "[x](https://evil.example)", "//evil.example",
    ]) {
      expect(hrefs(text)).toEqual([]);
    }
  });

  it("are no part of amounts, card numbers and longer numbers", () => {
    for (const text of ["¥95588", "95588元", "95588.00", "1,95588", "6222021380013800012", "138001380001", "金额 95,588.00"]) {
      expect(hrefs(text)).toEqual([]);
    }
  });

  it("lose no character of the text", () => {
    const text = "一\n二 https://bank.example/x). 95588，<b>三</b> 😀 https://evil.example";
    expect(linked(text, [BANK]).map((part) => part.text).join("")).toBe(text);
  });
});

describe("an address to open", () => {
  it("is https or of the bank's own origins", () => {
    expect(safeUrl("/chat/x.pdf", [location.origin])).toBe(`${location.origin}/chat/x.pdf`);
    expect(safeUrl("https://a.example/x", [])).toBe("https://a.example/x");
  });

  it("is nothing that runs, hides who it is, or is not encrypted", () => {
    for (const address of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "blob:x", "http://evil.example/", "https://bank.example:x@evil.example", "https://", "\u0000javascript:alert(1)"]) {
      expect(safeUrl(address, [location.origin])).toBeNull();
    }
  });
});

it("pictures are of the page's own origin", () => {
  expect(ownImage("/chat/a.png")).toBe(`${location.origin}/chat/a.png`);
  for (const address of ["https://evil.example/a.png", "data:image/svg+xml,x", "//evil.example/a.png", "http://"]) {
    expect(ownImage(address)).toBeNull();
  }
});

it("a document is called after its file", () => {
  expect(fileName("https://b.example/d/%E5%9B%9E%E5%8D%95.pdf?x=1", "文件")).toBe("回单.pdf");
  expect(fileName("https://b.example/", "文件")).toBe("文件");
  expect(fileName("https://b.example/%E5%9B", "文件")).toBe("文件");
});

it("the sign-in page speaks the page's language", () => {
  const address = "https://bank.example/s?return=https%3A%2F%2Fchat.example%2Fchat%2F&binding=x";
  expect(inLanguage(address, "zh")).toBe(address);
  expect(inLanguage(address, "en")).toBe(`${address}&lang=en`);
});
