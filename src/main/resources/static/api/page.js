SwaggerUIBundle({
  url: '/api/openapi.yaml',
  dom_id: '#api',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null // asks nobody outside
});
