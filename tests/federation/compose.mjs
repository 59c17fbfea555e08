// Composes subgraphs: `node compose.mjs name=file.graphql ...`; prints the supergraph, or what stands against it.
import { readFileSync } from "node:fs";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";

const subgraphs = process.argv.slice(2).map((argument) => {
  const [name, file] = argument.split(/=(.*)/s);
  return { name, url: `http://${name}.example/`, typeDefs: parse(readFileSync(file, "utf8")) };
});
const { supergraphSdl, errors } = composeServices(subgraphs);
if (errors?.length) {
  console.error(errors.map((error) => error.message).join("\n"));
  process.exitCode = 1;
} else {
  process.stdout.write(supergraphSdl);
}
