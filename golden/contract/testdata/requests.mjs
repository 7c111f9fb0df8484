// Prints, one a line, the requests that swagger-client makes of the calls on standard input:
// [{spec, operationId, parameters, requestBody}]. The argument is the folder of node_modules.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const require = createRequire(process.argv[2] + '/');
const SwaggerClient = require('swagger-client').default ?? require('swagger-client');

// body returns the body as text, or the parts of a form.
async function body(request) {
	if (!(request.body instanceof FormData)) {
		return {body: typeof request.body === 'string' ? request.body : request.body === undefined ? '' : JSON.stringify(request.body)};
	}
	const parts = [];
	for (const [name, value] of request.body.entries()) {
		if (typeof value === 'string') {
			parts.push({name, type: '', text: value});
		} else {
			parts.push({name, file: value.name === 'blob' ? '' : value.name, type: value.type, text: await value.text()});
		}
	}
	return {parts};
}

for (const call of JSON.parse(readFileSync(0, 'utf8'))) {
	for (const [name, value] of Object.entries(call.requestBody ?? {})) {
		if (value && value.file) {
			call.requestBody[name] = new File([value.text], value.file, {type: value.type});
		}
	}
	try {
		const request = SwaggerClient.buildRequest({...call, baseURL: call.server});
		const headers = {};
		for (const [name, value] of Object.entries(request.headers ?? {})) {
			headers[name.toLowerCase()] = String(value);
		}
		console.log(JSON.stringify({method: request.method, url: request.url, headers, ...await body(request)}));
	} catch (e) {
		console.log(JSON.stringify({error: String(e)}));
	}
}
