"""What a finding says of a source: accuracy, published series, judgement, and how findings hang together."""
