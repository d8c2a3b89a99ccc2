"""The catalogue of messages: collected from what components declare, written as AsyncAPI documents and JSON Schemas."""
