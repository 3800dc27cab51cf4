// Writes the shapes of the control plane as Python's TypedDicts; what is nested gets a name of its own. It decides nothing about them.
import { type Api, nameOf, pascal, type Schema, wrapped } from "./operations.ts";

/** What may not be written as an attribute. */
const KEYWORDS =
  /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/;

export function pythonShapes({ shapes }: Api): string {
  const classes: string[] = [];
  const names = [...shapes.keys()];
  for (const [name, schema] of shapes)
    if (schema.properties === undefined)
      classes.push(`${name}: TypeAlias = ${quoted(pythonType(schema, `${name}Form`, classes))}\n`);
    else pythonType(schema, name, classes);
  const needed = ["NotRequired", "TypeAlias"].filter((word) =>
    classes.some((text) => new RegExp(`\\b${word}\\b`).test(text)),
  );
  return `"""The shapes of the control plane, generated from openapi.json by \`npm run generate\`; may not be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Union

from typing_extensions import ${needed.join(", ")}

__all__ = [
${names
  .sort()
  .map((name) => `    "${name}",\n`)
  .join("")}]


${classes.join("\n\n")}`;
}

/** The type of a schema; what has to be declared for it is added to `classes`, under `name` and names that begin with it. */
export function pythonType(schema: Schema, name: string, classes: string[]): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return `Literal[${literal(schema.const)}]`;
  if (schema.enum !== undefined) return `Literal[${schema.enum.map(literal).join(", ")}]`;
  if (schema.anyOf !== undefined)
    return union(
      schema.anyOf.map((one, index) => pythonType(one, alternative(name, schema.anyOf!, index), classes)),
    );
  if (Array.isArray(schema.type))
    return union(schema.type.map((type: string) => pythonType({ ...schema, type }, name, classes)));
  if (schema.type === "array") return `Sequence[${pythonType(schema.items ?? {}, `${name}Item`, classes)}]`;
  if (schema.type !== "object") return PLAIN[String(schema.type)] ?? "Any";
  return schema.properties === undefined
    ? mappingOf(schema, name, classes)
    : typedDict(schema, name, classes);
}

const PLAIN: Readonly<Record<string, string>> = {
  boolean: "bool",
  integer: "int",
  null: "None",
  number: "float",
  string: "str",
};

/** The only object of a union is called after the union. */
function alternative(name: string, all: readonly Schema[], index: number): string {
  const isObject = (schema: Schema): boolean => schema.properties !== undefined;
  return all.filter(isObject).length > 1 && isObject(all[index]!) ? `${name}${index + 1}` : name;
}

function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  const literals = different.filter((type) => type.startsWith("Literal["));
  const others = different.filter((type) => !literals.includes(type));
  const parts =
    literals.length > 0
      ? [`Literal[${literals.map((one) => one.slice(8, -1)).join(", ")}]`, ...others]
      : others;
  return parts.length === 1 ? parts[0]! : `Union[${parts.join(", ")}]`;
}

function literal(value: unknown): string {
  return typeof value === "boolean" ? pascal(String(value)) : JSON.stringify(value);
}

function mappingOf(
  { additionalProperties: more, patternProperties = {} }: Schema,
  name: string,
  classes: string[],
): string {
  const schemas = [...Object.values(patternProperties), ...(typeof more === "object" ? [more] : [])];
  const values = schemas.map((schema) => pythonType(schema, `${name}Value`, classes));
  return `Mapping[str, ${values.length > 0 ? union(values) : "Any"}]`;
}

function typedDict(schema: Schema, name: string, classes: string[]): string {
  const { properties = {}, required = [], description } = schema;
  const fields = Object.entries(properties).map(([field, inner]) => {
    const type = pythonType(inner, `${name}${pascal(field.replaceAll(/\W/g, ""))}`, classes);
    return {
      field,
      words: inner.description,
      type: required.includes(field) ? type : `NotRequired[${type}]`,
    };
  });
  classes.push(
    fields.some(({ field }) => KEYWORDS.test(field) || !/^[A-Za-z_]\w*$/.test(field))
      ? byCall(name, fields)
      : byClass(name, fields, description),
  );
  return name;
}

interface Field {
  readonly field: string;
  readonly type: string;
  readonly words: string | undefined;
}

/** Words that end in a quotation mark would end the text. */
export function docstring(text: string, indent: string): string {
  const lines = wrapped(text.replaceAll("\\", "\\\\").replaceAll('"""', "'''").replace(/"$/, '".'), 105);
  if (lines.length === 1) return `${indent}"""${lines[0]}"""\n`;
  return `${indent}"""${lines.join(`\n${indent}`)}\n${indent}"""\n`;
}

function comment(words: string | undefined, indent: string): string {
  return words === undefined
    ? ""
    : wrapped(words, 105)
        .map((line) => `${indent}#: ${line}\n`)
        .join("");
}

function byClass(name: string, fields: readonly Field[], description: string | undefined): string {
  const lines = fields.map(({ field, type, words }) => `${comment(words, "    ")}    ${field}: ${type}\n`);
  const head = description === undefined ? "" : `${docstring(description, "    ")}\n`;
  return `class ${name}(TypedDict):\n${head}${lines.join("") || "    pass\n"}`;
}

/** For names that are words of the language. */
function byCall(name: string, fields: readonly Field[]): string {
  const lines = fields.map(
    ({ field, type, words }) => `${comment(words, "        ")}        "${field}": ${quoted(type)},\n`,
  );
  return `${name} = TypedDict(\n    "${name}",\n    {\n${lines.join("")}    },\n)\n`;
}

/** A reference in a text, because it is evaluated. */
function quoted(type: string): string {
  return `'${type.replaceAll("'", "\\'")}'`;
}
