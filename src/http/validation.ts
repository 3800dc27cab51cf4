// Checks what operations are sent against their schemas and tells every mistake with its field. It changes no body: only a
// query, which knows nothing but text, is read as the types it stands for.
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { ClavigerError, type FieldProblem } from "../base/errors.ts";
import { fieldName } from "../project/load.ts";

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** For Fastify: compiled once for each part of each operation. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (sent) => {
    const value = httpPart === "querystring" ? readQuery(schema, sent) : sent;
    return validator.Check(value) ? { value } : { error: refusal(validator.Errors(value)) };
  };
};

/** `5` is a number and `true` a boolean where the schema wants one; anything else stays text and is refused by the schema. */
function readQuery(schema: TSchema, sent: unknown): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(sent as Record<string, unknown>)) {
    const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined;
    if (type === "integer" && typeof value === "string" && /^\d{1,9}$/.test(value))
      read[name] = Number(value);
    else if (type === "boolean" && (value === "true" || value === "false")) read[name] = value === "true";
    else read[name] = value;
  }
  return read;
}

function refusal(errors: readonly SchemaError[]): ClavigerError {
  const fields = errors.flatMap(describe);
  const detail = fields
    .slice(0, 3)
    .map(({ field, message }) => `${field === "" ? "the body" : field}: ${message}`)
    .join("; ");
  return new ClavigerError("validation_failed", detail, { fields });
}

/** No value is repeated: it could be a key in the wrong field. */
function describe({ keyword, instancePath, params, message }: SchemaError): FieldProblem[] {
  const path = pointerPath(instancePath);
  const { additionalProperties = [], requiredProperties = [] } = params as {
    additionalProperties?: string[];
    requiredProperties?: string[];
  };
  // Said twice by the validator: once for the object, once for the member that `false` admits nowhere.
  if (keyword === "boolean") return [];
  if (keyword === "additionalProperties")
    return additionalProperties.map((name) => ({
      field: fieldName([...path, name]),
      message: "unknown field",
    }));
  if (keyword === "required")
    return requiredProperties.map((name) => ({ field: fieldName([...path, name]), message: "is missing" }));
  return [{ field: fieldName(path), message }];
}

/** RFC 6901; all-digit parts are array indexes. */
function pointerPath(pointer: string): (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
