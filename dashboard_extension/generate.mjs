// Writes src/generated/dashboard.ts, the types of the dashboard schema and of the documents in src/.
// With --check it writes nothing and fails when the file is not current.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";

import { codegen } from "@graphql-codegen/core";
import * as documentNodes from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const target = new URL("src/generated/dashboard.ts", import.meta.url);
const sdl = new URL("../graphql/dashboard.graphql", import.meta.url);
const documents = globSync("src/**/*.graphql", { cwd: new URL(".", import.meta.url) }).sort();

const written = await codegen({
  filename: target.pathname,
  schema: parse(readFileSync(sdl, "utf8")),
  documents: documents.map((location) => ({
    location,
    document: parse(readFileSync(new URL(location, import.meta.url), "utf8")),
  })),
  config: {
    documentMode: "string",
    enumType: "string-literal",
    enumsAsTypes: true,
    skipTypename: true,
    strictScalars: true,
    useTypeImports: true,
    scalars: { Date: "string", DateTime: "string", Decimal: "string", JSON: "unknown", UUID: "string" },
  },
  pluginMap: { operations, documentNodes },
  plugins: [{ operations: {} }, { documentNodes: {} }],
});

const text = `// Generated from graphql/dashboard.graphql: npm run generate\n${written}`;
const isCurrent = existsSync(target) && readFileSync(target, "utf8") === text;
if (!process.argv.includes("--check")) {
  if (!isCurrent) writeFileSync(target, text); // an untouched file does not make the build run again
} else if (!isCurrent) {
  console.error("src/generated/dashboard.ts is not current: npm run generate");
  process.exit(1);
}
