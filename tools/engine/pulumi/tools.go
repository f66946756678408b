//go:build tools

// Package tools pins the Pulumi engine, so that it builds as an ordinary Go dependency.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
