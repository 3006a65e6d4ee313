// Drives the npm client: node clients.js DISCOVERY KEY, prints what it got. NODE_PATH names where it is installed.
const Open311 = require("open311");
const city = new Open311({ discovery: process.argv[2], apiKey: process.argv[3] });
const said = {};
const then = (name, next) => (fault, body) => {
  if (fault) throw new Error(`${name}: ${fault} ${body}`);
  said[name] = body;
  next(body);
};
const light = {
  service_code: "street-light", lat: 30.87, long: 120.09, description: "one\ntwo", attributes: { fault: "out" },
};
city.serviceDiscovery({ cache: true }, then("discovery", () => {
  said.endpoint = city.endpoint;
  city.serviceList(then("services", () => {
    city.serviceDefinition("street-light", then("definition", () => {
      city.submitRequest(light, then("made", (made) => {
        city.serviceRequest(made[0].service_request_id, then("request", () => {
          city.submitRequest({ ...light, service_code: "flyposting", attributes: {} }, then("batch", (batch) => {
            city.token(batch[0].token, then("token", () => {
              city.serviceRequests({ status: "open", page_size: 1 }, then("requests", () => {
                console.log(JSON.stringify(said));
              }));
            }));
          }));
        }));
      }));
    }));
  }));
}));
