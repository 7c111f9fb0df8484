package generator_test

import (
	"maps"
	"slices"
	"strings"
)

// objectKeywords are the keywords that a version of a specification gives to one of its objects. A
// keyword may name the object that it holds: "info>Info" holds one, "tags>[]Tag" a list and
// "headers>{}Header" an object with one per name.
type objectKeywords struct {
	versions, object, keywords string
}

// The lists are written from the tables of fields in the specifications of Swagger 2.0, OpenAPI
// 3.0.4 and 3.1.1, and from the vocabularies of JSON Schema 2020-12. "x-" is any extension. The
// extensions at the end of a list are those that auditgen reads.
var specification = []objectKeywords{
	{"2.0", "Document", "swagger info>Info host basePath schemes consumes produces paths>Paths definitions>{}Schema parameters>{}Parameter responses>{}Response securityDefinitions>{}SecurityScheme security tags>[]Tag externalDocs>ExternalDocs x-"},
	{"3.0", "Document", "openapi info>Info servers>[]Server paths>Paths components>Components security tags>[]Tag externalDocs>ExternalDocs x-"},
	{"3.1", "Document", "openapi info>Info jsonSchemaDialect servers>[]Server paths>Paths webhooks components>Components security tags>[]Tag externalDocs>ExternalDocs x-"},
	{"2.0 3.0", "Info", "title description termsOfService contact>Contact license>License version x-"},
	{"3.1", "Info", "title summary description termsOfService contact>Contact license>License version x-"},
	{"2.0 3.0 3.1", "Contact", "name url email x-"},
	{"2.0 3.0", "License", "name url x-"},
	{"3.1", "License", "name identifier url x-"},
	{"3.0 3.1", "Server", "url description variables>{}ServerVariable x-"},
	{"3.0 3.1", "ServerVariable", "enum default description x-"},
	{"3.0", "Components", "schemas>{}Schema responses>{}Response parameters>{}Parameter examples>{}Example requestBodies>{}RequestBody headers>{}Header securitySchemes>{}SecurityScheme links>{}Link callbacks x-"},
	{"3.1", "Components", "schemas>{}Schema responses>{}Response parameters>{}Parameter examples>{}Example requestBodies>{}RequestBody headers>{}Header securitySchemes>{}SecurityScheme links>{}Link callbacks pathItems>{}PathItem x-"},
	{"2.0 3.0 3.1", "Paths", "/>PathItem x-"},
	{"2.0", "PathItem", "$ref get>Operation put>Operation post>Operation delete>Operation options>Operation head>Operation patch>Operation parameters>[]Parameter x-"},
	{"3.0 3.1", "PathItem", "$ref summary description get>Operation put>Operation post>Operation delete>Operation options>Operation head>Operation patch>Operation trace>Operation servers>[]Server parameters>[]Parameter x-"},
	{"2.0", "Operation", "tags summary description externalDocs>ExternalDocs operationId consumes produces parameters>[]Parameter responses>Responses schemes deprecated security x-"},
	{"3.0 3.1", "Operation", "tags summary description externalDocs>ExternalDocs operationId parameters>[]Parameter requestBody>RequestBody responses>Responses callbacks deprecated security servers>[]Server x-"},
	{"2.0 3.0 3.1", "ExternalDocs", "description url x-"},
	{"2.0", "Parameter", "name in description required schema>Schema type format allowEmptyValue items>Items collectionFormat default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf x-"},
	{"3.0 3.1", "Parameter", "name in description required deprecated allowEmptyValue style explode allowReserved schema>Schema example examples>{}Example content>{}MediaType x-"},
	{"2.0", "Items", "type format items>Items collectionFormat default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf x-"},
	{"3.0 3.1", "RequestBody", "description content>{}MediaType required x-"},
	{"3.0 3.1", "MediaType", "schema>Schema example examples>{}Example encoding>{}Encoding x-"},
	{"3.0 3.1", "Encoding", "contentType headers>{}Header style explode allowReserved x-"},
	{"2.0 3.0 3.1", "Responses", "default>Response 200>Response x-"},
	{"2.0", "Response", "description schema>Schema headers>{}Header examples x-"},
	{"3.0 3.1", "Response", "description headers>{}Header content>{}MediaType links>{}Link x-"},
	{"3.0 3.1", "Example", "summary description value externalValue x-"},
	{"3.0 3.1", "Link", "operationRef operationId parameters requestBody description server>Server x-"},
	{"2.0", "Header", "description type format items>Items collectionFormat default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf x-"},
	{"3.0 3.1", "Header", "description required deprecated style explode schema>Schema example examples>{}Example content>{}MediaType x-"},
	{"2.0 3.0 3.1", "Tag", "name description externalDocs>ExternalDocs x-"},
	{"2.0 3.0", "Reference", "$ref"},
	{"3.1", "Reference", "$ref summary description"},
	{"2.0", "Schema", "$ref format title description default multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxProperties minProperties required enum type items>Schema allOf>[]Schema properties>{}Schema additionalProperties>Schema discriminator readOnly xml>XML externalDocs>ExternalDocs example x- x-nullable"},
	{"3.0", "Schema", "$ref title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxProperties minProperties required enum type allOf>[]Schema oneOf>[]Schema anyOf>[]Schema not>Schema items>Schema properties>{}Schema additionalProperties>Schema description format default nullable discriminator>Discriminator readOnly writeOnly xml>XML externalDocs>ExternalDocs example deprecated x- x-go-type-name x-auditgen-time"},
	{"3.1", "Schema", "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs>{}Schema prefixItems>[]Schema items>Schema contains>Schema additionalProperties>Schema properties>{}Schema patternProperties>{}Schema dependentSchemas propertyNames if then else allOf>[]Schema anyOf>[]Schema oneOf>[]Schema not>Schema unevaluatedItems unevaluatedProperties type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired title description default deprecated readOnly writeOnly examples format contentEncoding contentMediaType contentSchema discriminator>Discriminator xml>XML externalDocs>ExternalDocs example x- x-go-type-name x-auditgen-time"},
	{"3.0", "Discriminator", "propertyName mapping"},
	{"3.1", "Discriminator", "propertyName mapping x-"},
	{"2.0 3.0 3.1", "XML", "name namespace prefix attribute wrapped x-"},
	{"2.0", "SecurityScheme", "type description name in flow authorizationUrl tokenUrl scopes x-"},
	{"3.0 3.1", "SecurityScheme", "type description name in scheme bearerFormat flows>OAuthFlows openIdConnectUrl x-"},
	{"3.0 3.1", "OAuthFlows", "implicit>OAuthFlow password>OAuthFlow clientCredentials>OAuthFlow authorizationCode>OAuthFlow x-"},
	{"3.0 3.1", "OAuthFlow", "authorizationUrl tokenUrl refreshUrl scopes x-"},
}

// keywordsOf returns what the keywords of an object hold, by keyword; "" for plain values.
func keywordsOf(version, object string) map[string]string {
	for _, o := range specification {
		if o.object == object && slices.Contains(strings.Fields(o.versions), version) {
			all := map[string]string{}
			for word := range strings.FieldsSeq(o.keywords) {
				key, holds, _ := strings.Cut(word, ">")
				all[key] = holds
			}
			return all
		}
	}
	return nil
}

// keyword is a keyword of an object of a version.
type keyword struct {
	version, object, key string
}

// specified returns every keyword of the specifications.
func specified() map[keyword]bool {
	all := map[keyword]bool{}
	for _, o := range specification {
		for version := range strings.FieldsSeq(o.versions) {
			for key := range maps.Keys(keywordsOf(version, o.object)) {
				all[keyword{version, o.object, key}] = true
			}
		}
	}
	return all
}
