package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of auditgen and of the Go it was built with",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.stdout, versionText())
			return err
		},
	}
}

// versionText names the version of this program and of the Go that built it.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "auditgen (devel)"
	}
	return formatVersion(info)
}

// formatVersion names the version of the module. A build without one is (devel), as in other Go
// programs, with the revision of the checkout if that is known.
func formatVersion(info *debug.BuildInfo) string {
	version := info.Main.Version
	if other := info.Main.Replace; other != nil {
		version = other.Version
		if version != "" {
			version = other.Path + " " + version
		}
	}
	if version == "" || version == "(devel)" {
		version = "(devel)"
		if revision := setting(info, "vcs.revision"); revision != "" {
			version += " " + revision[:min(len(revision), 12)]
		}
		if setting(info, "vcs.modified") == "true" {
			version += " modified"
		}
	}
	return fmt.Sprintf("auditgen %s, built with %s", version, info.GoVersion)
}

// generatorIdentity is what the inputs hash of a manifest knows about this program: the version if
// it is a release, else "devel". Two builds of a checkout must not differ, or running from source
// would never agree with the built program.
func generatorIdentity() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return releaseOf(info)
}

func releaseOf(info *debug.BuildInfo) string {
	version := info.Main.Version
	checkout := setting(info, "vcs") != "" || info.Main.Replace != nil
	if checkout || !strings.HasPrefix(version, "v") || strings.ContainsAny(version, "+-") {
		return "devel"
	}
	return version
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
