// Prints, one a line, the requests that swagger-client makes of the calls on standard input:
// [{spec, operationId, parameters, requestBody}]. A value {file, type, text} is a file. The argument
// is the folder that has node_modules.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const required = createRequire(process.argv[2] + '/')('swagger-client');
const SwaggerClient = required.default ?? required;

const withFiles = (values) => Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, isFile(value) ? new File([value.text], value.file, {type: value.type})
	: Array.isArray(value) && isFile(value[0]) ? value.map((v) => new File([v.text], v.file, {type: v.type})) : value]));
const isFile = (value) => value && value.file !== undefined;

async function partsOf(form) {
	const parts = [];
	for (const [name, value] of form.entries()) {
		const isText = typeof value === 'string';
		parts.push({Name: name, File: isText || value.name === 'blob' ? '' : value.name, Type: isText ? '' : value.type, Text: isText ? value : await value.text()});
	}
	return parts;
}

for (const call of JSON.parse(readFileSync(0, 'utf8'))) {
	const {spec} = await SwaggerClient.resolve({spec: call.spec});
	const request = SwaggerClient.buildRequest({spec, operationId: call.operationId, parameters: withFiles(call.parameters),
		requestBody: call.requestBody && withFiles(call.requestBody)});
	const made = {Method: request.method, URL: request.url, Header: {}, Body: '', Parts: null};
	for (const [name, value] of Object.entries(request.headers ?? {})) {
		made.Header[name.toLowerCase()] = String(value);
	}
	if (request.body instanceof FormData) {
		made.Parts = await partsOf(request.body);
	} else if (request.body !== undefined) {
		made.Body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
	}
	console.log(JSON.stringify(made));
}
