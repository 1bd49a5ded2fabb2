//! Drives a live service with the client that progenitor writes into hns.rs.
//!
//! cargo run -- URL

#[allow(dead_code, unused_imports)]
mod hns;

use hns::types::{
    AdapterSettings, EndpointPolicy, EndpointPolicyType, ErrorRecord, HostComputeEndpoint,
    HostComputeNetwork, HostSettings, Ipam, ModifyEndpointSettingRequest, Subnet, Version,
};
use hns::{Client, Error, ResponseValue};
use serde_json::{Value, json};

const NAME: &str = "sdk-progenitor";
const ENDPOINT_NOT_FOUND: u32 = 0x803B0002;
const INVALID_POLICY_TYPE: u32 = 0x803B000E;

fn policy(kind: &str, settings: Value) -> EndpointPolicy {
    EndpointPolicy {
        type_: Some(EndpointPolicyType(kind.into())),
        settings: settings.as_object().unwrap().clone(),
    }
}

fn kinds(endpoint: &HostComputeEndpoint) -> Vec<&str> {
    let mut found: Vec<&str> = endpoint.policies.iter().map(|policy| policy.type_.as_deref().unwrap().as_str()).collect();
    found.sort();
    found
}

fn refused<T: std::fmt::Debug>(answer: Result<ResponseValue<T>, Error<ErrorRecord>>, status: u16, code: u32) {
    let Err(Error::ErrorResponse(refusal)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.status(), status);
    assert_eq!(json!(refusal.error_code), json!(code));
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap();
    let service = Client::new(&url);
    let host = Client::new(&format!("{url}/hosts/{NAME}"));
    let adapter: AdapterSettings = serde_json::from_value(json!({"name": "Ethernet"}))?; // has no Default
    let settings = HostSettings { adapters: vec![adapter], ..Default::default() };
    let defined = service.define_host(&NAME.parse()?, &settings).await?;
    assert_eq!(defined.name, NAME);

    let v2: Option<Version> = Some(serde_json::from_value(json!({"Major": 2}))?);
    let subnet = Subnet { ip_address_prefix: Some("10.7.0.0/24".into()), ..Default::default() };
    let network = host
        .create_network(&HostComputeNetwork {
            name: Some("sdk".into()),
            type_: Some("L2Bridge".parse()?),
            schema_version: v2.clone(),
            ipams: vec![Ipam { subnets: vec![subnet], ..Default::default() }],
            ..Default::default()
        })
        .await?;
    let document = |policy| HostComputeEndpoint {
        host_compute_network: network.id.clone(),
        schema_version: v2.clone(),
        policies: vec![policy],
        ..Default::default()
    };
    let nat = policy("OutBoundNAT", json!({"Exceptions": ["10.7.0.0/24"]}));
    let endpoint = host.create_endpoint(&document(nat)).await?;
    let id = endpoint.id.as_deref().unwrap();
    let listed = host.list_endpoints(None, None, None).await?;
    assert!(listed.len() == 1 && listed[0].id.as_deref() == Some(id));

    let acl = policy("ACL", json!({"Action": "Block", "Direction": "In", "Priority": 200}));
    let request = ModifyEndpointSettingRequest {
        resource_type: Some("Policy".parse()?),
        request_type: Some("Add".parse()?),
        settings: Some(json!({"Policies": [acl]})),
        ..Default::default()
    };
    host.modify_endpoint(id, &request).await?;
    let shown = host.get_endpoint(id, None).await?;
    assert_eq!(kinds(&shown), ["ACL", "OutBoundNAT"]);

    let wrong = document(policy("FromTheFuture", json!({})));
    refused(host.create_endpoint(&wrong).await, 400, INVALID_POLICY_TYPE);
    host.delete_endpoint(id).await?;
    refused(host.get_endpoint(id, None).await, 404, ENDPOINT_NOT_FOUND);
    assert!(host.list_endpoints(None, None, None).await?.is_empty());
    service.delete_host(&NAME.parse()?).await?;
    Ok(())
}
